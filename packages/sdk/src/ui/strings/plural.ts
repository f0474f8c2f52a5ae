import { fill, type Plural } from "./strings.ts";

/** The form for this number, with `{n}` filled in. */
export function plural(locale: string, forms: Plural, n: number): string {
  return fill(forms[new Intl.PluralRules(locale).select(n)] ?? forms.other, { n });
}
