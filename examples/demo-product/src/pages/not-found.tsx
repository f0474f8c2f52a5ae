import { useWords } from "../words/language.ts";

export function NotFound() {
  const words = useWords();
  return (
    <div class="page narrow">
      <h1>{words.common.notFound}</h1>
      <p>
        <a href="/demo/">{words.common.toHome}</a>
      </p>
    </div>
  );
}
