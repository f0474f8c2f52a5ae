/** Forms of a word by CLDR category; `other` is used where a form is missing. */
export type Forms = { readonly [category in Intl.LDMLPluralRule]?: string } & { readonly other: string };

/** `3 steps`, `21 шаг`: the number in the locale's digits, and the form that goes with it. */
export function counted(locale: string, n: number, forms: Forms): string {
  const form = forms[new Intl.PluralRules(locale).select(n)] ?? forms.other;
  return `${new Intl.NumberFormat(locale).format(n)} ${form}`;
}
