const TOKEN = /\\([\\$}])|\$(\d+)|\$\{(\d+)(?::((?:\\.|[^{}\\])*))?\}/g;
// CodeMirror visits fields in the order of their numbers; LSP's $0 is where the cursor rests at last.
const LAST = 99;

/**
 * Rewrites a snippet from the language service's notation (`$1`, `${1:text}`, `$0`, escapes) to CodeMirror's
 * (`${1}`, `${1:text}`, literal braces kept apart from `$` and `#`).
 */
export function snippetTemplate(lsp: string): string {
  let template = "";
  let at = 0;
  const write = (text: string) => {
    const opens = text.startsWith("{") && /[#$]$/.test(template);
    template += (opens ? "\\" : "") + text.replaceAll(/([#$])\{/g, "$1\\{");
  };
  for (const match of lsp.matchAll(TOKEN)) {
    write(lsp.slice(at, match.index));
    const [whole, escaped, bare, numbered, text] = match;
    const field = bare ?? numbered;
    if (escaped !== undefined) write(escaped);
    else if (field !== undefined) {
      const order = field === "0" ? LAST : Number(field);
      template += text ? `\${${order}:${text.replaceAll(/\\(.)/g, "$1")}}` : `\${${order}}`;
    }
    at = match.index + whole.length;
  }
  write(lsp.slice(at));
  return template;
}

/** Whether the first place to fill in is empty, so that there is something to complete at once. */
export function opensEmptyField(template: string): boolean {
  const first = /\$\{\d+(:[^{}]*)?\}/.exec(template);
  return first !== null && first[1] === undefined;
}
