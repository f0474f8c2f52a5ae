import { useWords } from "../words/language.ts";

export function WhyPanel({ open, onClose }: { open: boolean; onClose: () => void }) {
  const words = useWords();
  return (
    <aside id="why" class="why" aria-label={words.why.title} hidden={!open}>
      <button type="button" onClick={onClose}>
        {words.common.close}
      </button>
    </aside>
  );
}
