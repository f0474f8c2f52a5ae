/**
 * Styles of the checklist; its chunk brings them. Open, the bar tells the progress and no ring is seen; the full ring
 * is the moment of completion.
 */
export const checklistStyles = `
.dock{inset-block-end:16px;inset-inline-end:16px;width:344px;max-width:calc(100% - 16px)}
.dock[data-collapsed]{width:auto;max-width:min(320px,calc(100% - 16px))}
.dock[data-aside]{inset-inline:16px auto}
.bar{display:flex;align-items:center;gap:4px;padding:8px}
.bar .x{margin:0;margin-inline-end:4px}
.toggle{flex:1;display:flex;align-items:center;gap:12px;padding-block:4px;padding-inline:6px 8px;border-radius:8px}
.toggle .icon{flex:none;color:var(--c-muted)}
[data-collapsed] .toggle .icon{rotate:180deg}
.icon{display:block;width:16px;height:16px;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
.name{flex:1}
.name .title,.note{display:block}
.note{color:var(--c-muted);font-size:12px;font-variant-numeric:tabular-nums}
.ring{flex:none;width:32px;height:32px;fill:none;stroke:var(--c-border);stroke-width:4}
.dock:not([data-collapsed]) .ring:not(.full){display:none}
.arc,.ring path{stroke:var(--c-link);stroke-linecap:round;stroke-linejoin:round}
.arc{stroke-dasharray:100;transform:rotate(-90deg);transform-origin:50%}
.list{max-height:min(440px,calc(100dvh - 104px));overflow:auto;overscroll-behavior:contain;padding:0 8px 8px}
.list[hidden]{display:none}
.track{height:4px;margin:0 8px 8px;border-radius:2px;background:var(--c-border);overflow:hidden}
.track i{display:block;height:100%;border-radius:2px;background:var(--c-link)}
.list>ul{margin:0;padding:0;list-style:none}
.list>ul>li{position:relative;display:flex;gap:12px;padding:10px 8px;border-radius:8px}
.open:has(.go):hover{background:var(--c-tint)}
.mark{flex:none;display:grid;place-items:center;width:20px;height:20px;border:1.5px solid var(--c-muted);border-radius:50%;color:var(--c-muted)}
.mark .icon{width:12px;height:12px;stroke-width:2.25}
.done .mark{border-color:var(--c-accent);background:var(--c-accent);color:var(--c-on-accent)}
.locked .mark{border-color:#0000}
.locked .mark .icon{width:16px;height:16px;stroke-width:1.5}
.words{flex:1}
.line{display:flex;flex-wrap:wrap;align-items:baseline;gap:2px 8px;font-weight:550}
.done .line,.locked .line{color:var(--c-muted);font-weight:400}
.go{border:0}
.go::after{content:"";position:absolute;inset:0;border-radius:8px}
.go:focus-visible{outline:none}
.go:focus-visible::after{outline:2px solid var(--c-link);outline-offset:-2px}
.line+.prose{margin-block-start:2px;font-size:calc(var(--c-size) - 1px)}
.prose a{position:relative;z-index:1}
.tag{padding:0 7px;border:1px solid var(--c-border);border-radius:10px;color:var(--c-muted);font-size:12px;font-weight:400}
.more{flex:none;align-self:center;color:var(--c-muted);rotate:-90deg}
[dir=rtl] .more{rotate:90deg}
@media (max-width:480px){
.dock:not([data-collapsed]){inset-inline:8px;inset-block-end:8px;width:auto;max-width:none}
.dock[data-collapsed]{inset-inline-end:8px;inset-block-end:8px}
.dock:not([data-collapsed])[data-aside]{inset-block:8px auto}
}
@media (prefers-reduced-motion:no-preference){
.dock[data-enter] .surface{animation:enter calc(.2s*var(--c-motion)) cubic-bezier(.2,.7,.3,1)}
.arc{transition:stroke-dashoffset calc(.4s*var(--c-motion)) ease}
.track i{transition:width calc(.4s*var(--c-motion)) ease}
.done .mark{animation:tick calc(.3s*var(--c-motion)) cubic-bezier(.3,1.6,.6,1)}
.ring path{stroke-dasharray:24;animation:draw calc(.4s*var(--c-motion)) .2s ease both}
@keyframes tick{from{transform:scale(.6)}}
@keyframes draw{from{stroke-dashoffset:24}}
}
@media (forced-colors:active){
.track{border:1px solid}
.track i,.done .mark{background:Highlight}
.done .mark{color:HighlightText}
.toggle .icon{color:ButtonText}
.arc,.ring path{stroke:Highlight}
}
`;
