/**
 * Styles of the beacon. Two rings, light and dark, set it off from any page. It pulses three times, for less than the
 * five seconds after which movement would need a switch of its own.
 */
export const hotspotStyles = `
.beacon{position:absolute;inset:0 auto auto 0;display:grid;place-items:center;width:28px;height:28px;border-radius:50%;pointer-events:auto}
.beacon:hover{box-shadow:none}
.beacon i{grid-area:1/1;width:14px;height:14px;border-radius:50%;background:var(--c-accent);box-shadow:0 0 0 2px var(--c-surface),0 0 0 3px var(--c-border),0 1px 5px #0006}
.beacon:is(:hover,[aria-expanded=true]) .dot{width:18px;height:18px}
.beacon:not([data-placed]),.beacon[data-away]{visibility:hidden}
.beacon .wave{box-shadow:none;opacity:0}
@media (prefers-reduced-motion:no-preference){
.beacon .dot{transition:.15s;transition-property:width,height}
.beacon[data-enter][data-placed] .wave{animation:wave min(1.5s,9s*var(--c-motion)) .2s 3 ease-out}
@keyframes wave{from{opacity:.55}to{opacity:0;transform:scale(3)}}
}
@media (forced-colors:active){
.beacon .dot{background:Highlight;border:2px solid CanvasText;forced-color-adjust:none}
}
`;
