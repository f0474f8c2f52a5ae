/** Reading direction of a BCP-47 tag. */
export function directionOf(locale: string): "ltr" | "rtl" {
  return /^(ar|he|iw|fa|ur|ps|sd|ug|yi|dv|ckb)\b|-(arab|hebr)\b/i.test(locale) ? "rtl" : "ltr";
}
