/**
 * Words for people: one string, or a map from BCP-47 tag to string (`ru-RU` falls back to `ru`, then to the
 * environment's locale). Markdown subset; `{{user.name | "there"}}` puts a value in.
 */
export type Text = string | { readonly [locale: string]: string };
