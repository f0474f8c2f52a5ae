/** Longer names are sentences or data. */
const MAX_LENGTH = 64;
/** What frameworks begin a name with that they make up anew. */
const MADE_UP = /^(radix|headlessui|react-aria|downshift|mui|ember|ext-gen|yui|cdk|mat-mdc|__)[-_:]?.*\d/i;
/** Classes that say how an element is just now, and not which it is. */
const STATE =
  /^(is|has|was|ng|v|js)-|^(active|open|closed|selected|disabled|enabled|hover|focus|focused|visible|hidden|show|shown|loading|current|checked|expanded|collapsed|dark|light|first|last|odd|even)$/i;
/** Classes of styling tools: made up, or shared by everything that looks alike. */
const STYLING =
  /^(css|sc|jss|emotion|svelte|astro|data-v|_ng\w+|chakra|MuiBox|makeStyles)-|[:[\]/!@]|^-?[a-z]{1,3}(-[a-z]{1,2})?-\d|^(flex|grid|block|inline|hidden|relative|absolute|fixed|sticky|static|container|row|col|truncate|underline|italic|uppercase|rounded|border|shadow|sr-only|clearfix)(-[a-z]+)*$|^(text|bg|font|items|justify|self|content|gap|space|border|rounded|shadow|w|h|p|m|px|py|pt|pb|pl|pr|mx|my|mt|mb|ml|mr|max|min|overflow|cursor|transition|z|top|left|right|bottom|inset|leading|tracking|object|select|ring|opacity|duration|ease)-[\w.]+$/;

/** Whether somebody has given this name, so that it will be the same tomorrow: no hash, no running number, no data. */
export function isStableName(name: string): boolean {
  if (name === "" || name.length > MAX_LENGTH || /[:«»\s{}]|\d{3,}/.test(name) || MADE_UP.test(name))
    return false;
  return name.split(/[^A-Za-z\d]+/).every(isWord);
}

/** Words have vowels, numbers at their end only, and no more humps than a camel in a hurry. */
function isWord(token: string): boolean {
  if (token.length < 5) return true;
  if (/\d/.test(token) && !/^[A-Za-z]+\d{1,2}$/.test(token)) return false;
  if (token.length >= 6 && !/[aeiouy]/i.test(token)) return false;
  const humps = token.match(/[a-z][A-Z]|[A-Z]{2}[a-z]/g)?.length ?? 0;
  return humps <= Math.max(1, token.length / 5);
}

/** The selectors of those of an element's classes that will be the same tomorrow. */
export function stableClasses(element: Element): string[] {
  return [...element.classList].flatMap((name) => {
    // CSS modules: the part before the hash is the author's.
    const [, own] = /^([A-Za-z][A-Za-z\d]*(?:[-_][A-Za-z\d]+)*__)[\w-]{5,}$/.exec(name) ?? [];
    if (own && isStableName(own.slice(0, -2)) && !isStableName(name)) return [`[class*="${own}"]`];
    const isGiven = name.length > 2 && !STATE.test(name) && !STYLING.test(name) && isStableName(name);
    return isGiven && /^[A-Za-z][\w-]*$/.test(name) ? [`.${name}`] : [];
  });
}
