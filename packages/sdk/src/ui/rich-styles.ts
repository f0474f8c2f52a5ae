/** Styles of what a plain tooltip does without: Markdown, media, and the steps and ring of a tour. */
export const richStyles = `
.prose>*{margin:0 0 8px}
.prose>:last-child{margin-bottom:0}
.prose :is(h2,h3,h4){margin-block-start:12px;font-size:1em;line-height:1.35;color:var(--c-text)}
.prose :is(ul,ol){padding-inline-start:20px}
.prose li+li{margin-block-start:4px}
.prose strong{font-weight:600;color:var(--c-text)}
.prose code{padding:1px 5px;border-radius:5px;background:var(--c-tint);color:var(--c-text);font:.92em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.prose a{color:var(--c-link);text-underline-offset:2px}
.prose img{max-width:100%;height:auto;border-radius:8px}
.media{display:block;width:100%;height:auto;margin-block-start:12px;border-radius:8px;background:var(--c-tint)}
.media+.prose{margin-block-start:12px}
.card .foot{box-shadow:0 -10px 10px -6px var(--c-surface)}
[data-sheet] .media{max-height:20dvh;object-fit:cover}
.choice{position:static}
.choice .secondary{flex:1 0 100%;justify-content:flex-start;min-height:42px;padding:9px 14px;font-weight:500;text-align:start}
.choice .secondary:hover{border-color:var(--c-link)}
.steps{display:flex;align-items:center;gap:8px;margin-inline-start:auto;color:var(--c-muted);font-size:12px;font-variant-numeric:tabular-nums;white-space:nowrap}
.dots{display:flex;gap:4px}
.dots i{width:6px;height:6px;border-radius:3px;background:var(--c-border)}
.dots .on{width:14px;background:var(--c-link)}
.spot{position:absolute;inset:0 auto auto 0;border-radius:8px;box-shadow:0 0 0 2px var(--c-accent),0 0 0 200vmax rgb(15 18 24/.5);pointer-events:none}
.spot[data-center]{inset:50%;box-shadow:0 0 0 200vmax rgb(15 18 24/.5)}
@media (prefers-reduced-motion:no-preference){
.spot[data-enter]{animation:fade calc(.18s*var(--c-motion))}
@keyframes fade{from{opacity:0}}
}
@media (forced-colors:active){
.dots .on{background:Highlight}
.dots i{background:CanvasText}
.spot{outline:3px solid Highlight;outline-offset:2px}
}
`;
