import { type Finding, sentence } from "../editor/finding.ts";
import { useStudio } from "../shell/studio-context.ts";

/** Under the editor: what is wrong, where, and what to write instead. A click goes there. */
export function ProblemList(props: {
  readonly findings: readonly Finding[];
  readonly onGo: (finding: Finding) => void;
  readonly onFormat: (() => void) | undefined;
}) {
  const { words } = useStudio();
  const { findings } = props;
  return (
    <div class="problems">
      <div class="problems-head">
        <span class={findings.length === 0 ? "muted" : "wrong"} role="status">
          {findings.length === 0 ? words.flow.noProblems : words.flow.problems(findings.length)}
        </span>
        <span class="muted help" id="editor-help">
          {words.flow.editorHelp}
        </span>
        {props.onFormat !== undefined && (
          <button type="button" class="button quiet small" onClick={props.onFormat}>
            {words.flow.format}
          </button>
        )}
      </div>
      {findings.length > 0 && (
        <ul>
          {findings.map((finding) => (
            <li key={`${finding.path} ${finding.from} ${finding.message}`}>
              <button type="button" onClick={() => props.onGo(finding)}>
                <span class="place">
                  {words.flow.line(finding.line)}
                  {finding.path !== "" && <code>{finding.path}</code>}
                </span>
                <span class="what">{sentence(finding.message)}</span>
                {finding.fix !== undefined && <span class="fix">{sentence(finding.fix)}</span>}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
