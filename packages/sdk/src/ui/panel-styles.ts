/** Styles of Cairn's own panels; their chunk brings them. */
export const panelStyles = `
.person{display:grid;justify-items:center;gap:12px;padding-block-start:8px;text-align:center}
.modal:has(.person) .surface{width:344px}
.person .said{padding:0}
.face{position:relative;display:grid;place-items:center;width:72px;height:72px;border-radius:50%;overflow:hidden;background:var(--c-tint);font-size:24px;font-weight:600}
.face img{position:absolute;width:100%;height:100%;object-fit:cover}
.face img[hidden]{display:none}
.note{margin-block-start:2px;color:var(--c-muted)}
.ways{display:grid!important;justify-self:stretch;gap:8px;margin-block-start:4px!important}
.ways .button{min-height:40px}
.text{all:unset;display:block;box-sizing:border-box;width:100%;margin-block-start:16px;padding:10px 12px;border:1px solid var(--c-border);border-radius:8px;background:var(--c-tint);font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre-wrap;overflow:auto;user-select:text}
.text:focus-visible{outline:2px solid var(--c-link)}
.toast{position:absolute;inset:auto 0 24px;width:fit-content;max-width:calc(100% - 32px);margin-inline:auto;padding:9px 16px;border-radius:999px;background:var(--c-text);color:var(--c-surface);font:550 var(--c-size)/1.4 var(--c-font);box-shadow:0 8px 24px -6px #0006}
.toast::before{content:"✓" / "";margin-inline-end:8px}
@media (max-width:480px){.modal:has(.person) .surface{width:auto}}
@media (prefers-reduced-motion:no-preference){.toast{animation:enter .18s}}
@media (forced-colors:active){.toast,.face{border:1px solid}}
`;
