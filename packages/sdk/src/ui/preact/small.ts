/**
 * What the script tag's bundle carries in place of Preact: the part of Preact that hints are drawn with, in a tenth of
 * the bytes. Elements, text, keys, styles and components without state; no events (the shield answers those), refs,
 * hooks or context. The npm package uses Preact itself; a test draws random trees with both and compares.
 */
type Child = VNode | string | number | boolean | null | undefined | readonly Child[];
type Props = { readonly [name: string]: unknown };
type Component = (props: Props) => Child;
interface VNode {
  readonly type: string | Component;
  readonly props: Props;
  readonly key?: unknown;
}
/** An element, or text (`type` is empty), as it was drawn the last time. */
interface Flat {
  readonly type: string;
  readonly props: Props;
  readonly key?: unknown;
}
type Drawn = (Element | Text) & { drawn?: Flat };

const SVG = "http://www.w3.org/2000/svg";

export const jsx = (type: string | Component, props: Props, key?: unknown): VNode => ({ type, props, key });
export { jsx as jsxs };
export const Fragment = ({ children }: Props) => children as Child;

/** The elements and texts that a child comes to. */
function flatten(child: Child, key?: unknown): Flat[] {
  if (child === null || child === undefined || typeof child === "boolean") return [];
  if (typeof child !== "object") return [{ type: "", props: { data: `${child}` } }];
  if (!("type" in child)) return child.flatMap((one) => flatten(one));
  const { type, props } = child;
  const own = child.key ?? key;
  return typeof type === "string" ? [{ type, props, key: own }] : flatten(type(props), own);
}

function setStyle(style: CSSStyleDeclaration, now: Props, before: Props): void {
  for (const name in { ...before, ...now }) {
    const value = `${now[name] ?? ""}`;
    if (now[name] === before[name]) continue;
    if (name.startsWith("--")) style.setProperty(name, value);
    else Object.assign(style, { [name]: value });
  }
}

function setProps(element: HTMLElement, now: Props, before: Props): void {
  for (const name in { ...before, ...now }) {
    const value = now[name];
    if (name === "style") setStyle(element.style, (value ?? {}) as Props, (before[name] ?? {}) as Props);
    else if (name !== "children" && value !== before[name]) {
      // Of all attributes only aria-… and data-… say "false".
      if (value === null || value === undefined || (value === false && name[4] !== "-"))
        element.removeAttribute(name);
      else element.setAttribute(name, `${value}`);
    }
  }
}

/** Makes the parent's content this. Everything in it must have been drawn by this function. */
export function render(content: Child, parent: Element): void {
  const old = new Set(parent.childNodes as unknown as Iterable<Drawn>);
  const wanted = flatten(content).map((flat) => {
    const { type, key } = flat;
    const same = [...old].find(({ drawn }) => drawn?.type === type && drawn.key === key);
    if (same) old.delete(same);
    return { flat, same };
  });
  // Before anything is put in: what stays is not moved, and so keeps focus, scroll position and animation.
  for (const gone of old) gone.remove();
  let next = parent.firstChild;
  for (const { flat, same } of wanted) {
    const { type, props } = flat;
    const { ownerDocument } = parent;
    const node: Drawn =
      same ??
      (type
        ? ownerDocument.createElementNS(type === "svg" ? SVG : parent.namespaceURI, type)
        : ownerDocument.createTextNode(""));
    if ("data" in node) {
      if (node.data !== props.data) node.data = props.data as string;
    } else {
      setProps(node as HTMLElement, props, node.drawn?.props ?? {});
      render(props.children as Child, node);
    }
    node.drawn = flat;
    if (node === next) next = next.nextSibling;
    else parent.insertBefore(node, next);
  }
}
