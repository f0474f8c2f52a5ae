const SCHEMES = ["https:", "http:", "mailto:", "tel:"];

/** The absolute address where a hint may lead, or `undefined`. Scripts, data and files are never allowed. */
export function allowedUrl(url: string, base: string): string | undefined {
  try {
    const parsed = new URL(url, base);
    return SCHEMES.includes(parsed.protocol) ? parsed.href : undefined;
  } catch {
    return undefined;
  }
}
