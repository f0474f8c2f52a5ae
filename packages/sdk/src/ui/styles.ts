/**
 * Styles of the layer and of plain cards. Sizes on a 4 px grid; every colour and radius is a token. Their defaults
 * stand here, so that only a hint with a theme of its own needs theme.ts; a test holds the two together.
 */
export const styles = `
*,::before,::after{box-sizing:border-box}
.layer{all:unset;position:fixed;inset:0;pointer-events:none;--c-surface:#fff;--c-text:#191c21;--c-muted:#5a616c;--c-accent:#0f6e66;--c-on-accent:#fff;--c-link:#0f6e66;--c-border:#dfe2e7;--c-scheme:light;--c-radius:12px;--c-size:14px;--c-font:system-ui,sans-serif;--c-pad:16px;--c-shadow:0 1px 2px #0002,0 12px 32px -8px #0004;--c-motion:1}
@media (prefers-color-scheme:dark){.layer{--c-surface:#202329;--c-text:#f2f4f6;--c-muted:#a9b0bb;--c-accent:#5bd0bf;--c-on-accent:#06231f;--c-link:#5bd0bf;--c-border:#3b4049;--c-scheme:dark}}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.hint{--c-tint:color-mix(in srgb,var(--c-text) 7%,var(--c-surface));position:absolute;z-index:0;pointer-events:auto;color:var(--c-text);font:400 var(--c-size)/1.45 var(--c-font);color-scheme:var(--c-scheme);overflow-wrap:anywhere;user-select:none;outline:none}
.hint:focus-visible .surface,:is(button,a):focus-visible{outline:2px solid var(--c-link);outline-offset:2px}
.surface{background:var(--c-surface);border:1px solid var(--c-border);border-radius:var(--c-radius);box-shadow:var(--c-shadow)}
.card{inset:0 auto auto 0;width:328px;max-width:calc(100% - 16px)}
.card:not([data-placed]),[data-away]{visibility:hidden}
.card[data-aside]:not(:hover,:focus-within){opacity:.15}
.card[data-center]{inset:0;margin:auto;width:400px;height:fit-content}
.card[data-sheet]{inset:auto 8px 8px;width:auto;max-width:480px;margin-inline:auto}
.card[data-sheet=top]{inset:8px 8px auto}
.scroll{max-height:calc(100dvh - 24px);overflow:auto;overscroll-behavior:contain;padding:var(--c-pad);scroll-padding-block:56px 72px;border-radius:inherit}
[data-sheet] .scroll{max-height:66dvh}
.arrow{position:absolute;inset:-7px auto auto -7px;width:14px;height:14px;background:var(--c-surface);border:solid var(--c-border);border-width:1px 0 0 1px;border-radius:3px 0 0}
:is([data-center],[data-sheet]) .arrow{display:none}
.head,.foot{--up:calc(-1*var(--c-pad));position:sticky;z-index:1;display:flex;gap:8px;margin:0 var(--up);padding:0 var(--c-pad);background:var(--c-surface)}
.head{top:var(--up);align-items:flex-start;margin-top:var(--up);padding-top:var(--c-pad)}
.head>:first-child{flex:1}
p{margin:0}
.title{font-size:calc(var(--c-size) + 1px);font-weight:600;line-height:1.35;text-wrap:balance}
.prose{color:var(--c-muted)}
.head+.prose{margin-top:6px}
.foot{bottom:var(--up);flex-wrap:wrap;align-items:center;margin-block:4px var(--up);padding-block:12px var(--c-pad)}
button,.button{all:unset;box-sizing:border-box;border:1px solid #0000;border-radius:min(8px,var(--c-radius));cursor:pointer}
:is(button,.button):hover{box-shadow:inset 0 0 0 9em color-mix(in srgb,var(--c-text) 7%,#0000)}
.button{display:inline-flex;align-items:center;justify-content:center;min-height:34px;max-width:100%;padding:5px 14px;font-weight:550;line-height:1.3;text-align:center}
.primary{background:var(--c-accent);color:var(--c-on-accent)}
.secondary{border-color:var(--c-border)}
.x{flex:none;width:28px;height:28px;margin:-4px -4px 0;font-size:20px;line-height:26px;text-align:center}
:is(.x,.quiet):not(:hover){color:var(--c-muted)}
@media (prefers-reduced-motion:no-preference){
.card[data-enter][data-placed]{animation:enter calc(.18s*var(--c-motion)) cubic-bezier(.2,.7,.3,1)}
[data-calm] *{animation:none!important}
@keyframes enter{from{opacity:0;transform:translateY(6px)}}
}
@media (max-height:480px){.head,.foot{position:static}}
@media print{.layer{display:none}}
`;
