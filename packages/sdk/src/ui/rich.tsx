/** What a plain tooltip does without: Markdown, media, a theme, and the steps and ring of a tour. */
export { Picture } from "./picture.tsx";
export { richStyles as styles } from "./rich-styles.ts";
export { drawLine, drawProse, wordsOf } from "./rich-text.tsx";
export { tokensOf } from "./theme.ts";
export { Spot, Steps, spotAt } from "./tour.tsx";
