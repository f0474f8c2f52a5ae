/** Styles of the layer and of cards. Sizes on a 4 px grid; every colour and radius is a token (theme.ts). */
export const styles = `
:host,*,::before,::after{box-sizing:border-box}
.layer{position:fixed;inset:0;z-index:2147483647;width:auto;height:auto;max-width:none;max-height:none;margin:0;padding:0;border:0;overflow:visible;display:block;background:none;pointer-events:none}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.hint{--c-tint:color-mix(in srgb,var(--c-text) 7%,var(--c-surface));position:absolute;pointer-events:auto;color:var(--c-text);font:400 var(--c-size)/1.45 var(--c-font);color-scheme:var(--c-scheme);text-align:start;overflow-wrap:break-word;-webkit-font-smoothing:antialiased;cursor:default;user-select:none}
.surface{background:var(--c-surface);border:1px solid var(--c-border);border-radius:var(--c-radius);box-shadow:0 1px 2px rgb(var(--c-shade)),0 12px 32px -8px rgb(var(--c-shade))}
.card{inset:0 auto auto 0;width:328px;max-width:calc(100% - 16px);visibility:hidden}
.card[data-placed]{visibility:visible}
[data-away].card,.spot[data-away]{visibility:hidden}
.card[data-center]{inset:0;margin:auto;width:400px;height:fit-content}
.card[data-sheet]{inset:auto 8px 8px;width:auto;max-width:480px;margin-inline:auto}
.card[data-sheet] .scroll{max-height:66dvh}
.card[data-sheet=top]{inset:8px 8px auto}
.card:focus{outline:none}
.card:focus-visible .surface,:is(button,a):focus-visible{outline:2px solid var(--c-link);outline-offset:2px}
.scroll{max-height:calc(100dvh - 24px);overflow:auto;overscroll-behavior:contain;padding:16px;scroll-padding-block:56px 72px;border-radius:inherit}
.arrow{position:absolute;width:14px;height:14px;pointer-events:none}
.arrow::before{content:"";position:absolute;inset:0;background:var(--c-surface);border:solid var(--c-border);border-width:1px 0 0 1px;border-radius:3px 0 0;rotate:45deg}
[data-side=bottom] .arrow{inset:-7px auto auto calc(var(--c-arrow) - 7px)}
[data-side=top] .arrow{inset:auto auto -7px calc(var(--c-arrow) - 7px)}
[data-side=top] .arrow::before{rotate:225deg}
[data-side=right] .arrow{inset:calc(var(--c-arrow) - 7px) auto auto -7px}
[data-side=right] .arrow::before{rotate:-45deg}
[data-side=left] .arrow{inset:calc(var(--c-arrow) - 7px) -7px auto auto}
[data-side=left] .arrow::before{rotate:135deg}
:is([data-center],[data-sheet]) .arrow{display:none}
.head,.foot{position:sticky;z-index:1;margin:0 -16px;padding:0 16px;background:var(--c-surface)}
.head{top:-16px;display:flex;align-items:flex-start;gap:8px;margin-block-start:-16px;padding-block-start:16px}
.head>:first-child{flex:1;min-width:0}
.title{margin:0;font-size:calc(var(--c-size) + 1px);font-weight:600;line-height:1.35;letter-spacing:-.006em;text-wrap:balance}
.x{flex:none;display:grid;place-items:center;width:28px;height:28px;margin:-4px;margin-block-end:0;padding:0;border:1px solid #0000;border-radius:8px;background:none;color:var(--c-muted)}
.x:hover,.quiet:hover{background:var(--c-tint);color:var(--c-text)}
.icon{display:block;width:16px;height:16px;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
.prose{color:var(--c-muted)}
.head+.prose,.media+.prose{margin-block-start:6px}
.prose>*{margin:0 0 8px}
.prose>:last-child{margin-block-end:0}
.prose :is(h2,h3,h4){margin-block-start:12px;font-size:1em;line-height:1.35;color:var(--c-text)}
.prose :is(ul,ol){padding-inline-start:20px}
.prose li+li{margin-block-start:4px}
.prose strong{font-weight:600;color:var(--c-text)}
.prose code{padding:1px 5px;border-radius:5px;background:var(--c-tint);color:var(--c-text);font:.92em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.prose a{color:var(--c-link);text-underline-offset:2px}
.prose img{max-width:100%;height:auto;border-radius:8px}
.media{display:block;width:100%;height:auto;margin-block-start:12px;border-radius:8px;background:var(--c-tint)}
.media+.prose{margin-block-start:12px}
[data-sheet] .media{max-height:20dvh;object-fit:cover}
.foot{bottom:-16px;display:flex;flex-wrap:wrap;align-items:center;gap:8px;margin-block:4px -16px;padding-block:12px 16px}
.button{display:inline-flex;align-items:center;justify-content:center;min-height:34px;max-width:100%;margin:0;padding:5px 14px;border:1px solid #0000;border-radius:min(8px,var(--c-radius));background:none;color:inherit;font:inherit;font-weight:550;line-height:1.3;text-align:center;text-decoration:none;cursor:pointer}
.primary{background:var(--c-accent);color:var(--c-on-accent)}
.primary:hover{background:color-mix(in srgb,var(--c-accent) 88%,var(--c-text))}
.secondary{border-color:var(--c-border)}
.secondary:hover{border-color:var(--c-muted)}
.quiet{padding-inline:10px;color:var(--c-muted)}
.steps{display:flex;align-items:center;gap:8px;margin-inline-start:auto;color:var(--c-muted);font-size:12px;font-variant-numeric:tabular-nums;white-space:nowrap}
.dots{display:flex;gap:4px}
.dots i{width:6px;height:6px;border-radius:3px;background:var(--c-border)}
.dots .on{width:14px;background:var(--c-link)}
.spot{position:absolute;inset:0 auto auto 0;border-radius:8px;box-shadow:0 0 0 2px var(--c-accent),0 0 0 200vmax rgb(15 18 24/.5);pointer-events:none}
.spot[data-center]{inset:50%;box-shadow:0 0 0 200vmax rgb(15 18 24/.5)}
@media (prefers-reduced-motion:no-preference){
:is(.button,.x){transition:background-color .15s,border-color .15s,color .15s}
[data-enter][data-placed] .surface,[data-enter][data-placed] .arrow{animation:enter .18s cubic-bezier(.2,.7,.3,1)}
.spot[data-enter]{animation:fade .18s}
[data-calm] *{animation:none!important}
@keyframes enter{from{opacity:0;transform:translateY(6px)}}
@keyframes fade{from{opacity:0}}
}
@media (forced-colors:active){
.dots .on{background:Highlight}
.dots i{background:CanvasText}
.arrow::before{background:Canvas}
.button{border-color:ButtonBorder}
.spot{outline:3px solid Highlight;outline-offset:2px}
}
@media print{.layer{display:none}}
`;
