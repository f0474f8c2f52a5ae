import { useWords } from "../words/language.ts";

/** The strip that says what this is. The product below knows nothing of it. */
export function DemoBar({ whyOpen, onWhy }: { whyOpen: boolean; onWhy: () => void }) {
  const words = useWords();
  return (
    <aside class="demo-bar" aria-label={words.demo.short}>
      <p>
        <span class="long">{words.demo.bar}</span>
        <span class="short">{words.demo.short}</span>
      </p>
      <button type="button" aria-expanded={whyOpen} aria-controls="why" onClick={onWhy}>
        {words.demo.why}
      </button>
      <a href="/studio/">{words.demo.studio}</a>
    </aside>
  );
}
