/** Styles of modals, slideouts and banners; their chunk brings them. */
export const windowStyles = `
:is(.modal,.slideout,.banner) .surface{position:relative;overflow:hidden}
:is(.modal,.slideout) .scroll{--in:calc(var(--c-pad) + 8px);padding:var(--in);scroll-padding-block:24px 80px}
:is(.modal,.slideout,.banner) .x{position:absolute;inset-block-start:10px;inset-inline-end:10px;margin:0;background:var(--c-surface);z-index:2}
:is(.modal,.slideout,.banner) .title+.prose{margin-block-start:8px}
:is(.modal,.slideout) .said{padding-inline-end:20px}
:is(.modal,.slideout) .foot{--up:calc(-1*var(--in));bottom:var(--up);margin:16px var(--up) var(--up);padding:8px var(--in) var(--in);box-shadow:0 -10px 10px -6px var(--c-surface)}
:is(.modal,.slideout) .media{--up:calc(-1*var(--in));width:calc(100% + 2*var(--in));max-width:none;margin:var(--up) var(--up) 20px;border-radius:0}
[data-hero] .said{padding-inline-end:0}
.modal{position:fixed;inset:0;display:none;grid-template:minmax(0,1fr)/minmax(0,1fr);place-items:center;width:auto;height:auto;max-width:none;max-height:none;margin:0;padding:24px;border:0;background:rgb(15 18 24/.5);overflow:hidden;overscroll-behavior:contain}
.modal[open]{display:grid}
.modal::backdrop{background:none}
.modal:focus-visible .surface{outline:none}
.modal .surface{width:520px;max-width:100%}
.modal .scroll{max-height:calc(100dvh - 50px);user-select:text}
.modal .title{font-size:calc(var(--c-size) + 5px);letter-spacing:-.01em}
.modal .prose{font-size:calc(var(--c-size) + 1px)}
.slideout{width:360px;max-width:calc(100% - 32px)}
.slideout .scroll{max-height:calc(100dvh - 34px)}
.slideout .title{font-size:calc(var(--c-size) + 3px)}
[data-at^=top]{inset-block-start:16px}
[data-at^=bottom]{inset-block-end:16px}
[data-at$=start]{inset-inline-start:16px}
[data-at$=end]{inset-inline-end:16px}
[data-at$=left]{left:16px}
[data-at$=right]{right:16px}
.slideout[data-aside]{inset-inline:16px auto}
.slideout[data-aside]:is([data-at$=start],[dir=ltr][data-at$=left],[dir=rtl][data-at$=right]){inset-inline:auto 16px}
.layer:has(.dock) .slideout[data-at=bottom-end]{inset-inline:16px auto}
.banner{inset-inline:0;width:fit-content;max-width:min(920px,100% - 24px);margin-inline:auto}
.banner[data-at=top],.banner[data-at=bottom][data-aside]{inset-block:12px auto}
.banner[data-at=bottom],.banner[data-at=top][data-aside]{inset-block:auto 12px}
.banner .scroll{display:flex;align-items:center;gap:8px 20px;padding:8px;padding-inline:18px 48px;max-height:calc(100dvh - 26px)}
.banner .x{inset-block-start:50%;margin-block-start:-14px}
.banner .said{flex:1 1e6 auto;min-width:200px;padding-block:5px}
.banner .title{font-size:var(--c-size)}
.banner .title+.prose{margin:0}
.banner .foot{position:static;margin:0;padding:0;gap:4px}
.banner .media{flex:none;width:auto;height:44px;max-width:88px;margin:0}
.banner .film{width:240px;height:auto;max-width:none}
@media (max-width:760px){
.banner{width:auto}
.banner .scroll{flex-wrap:wrap;padding:14px 16px}
.banner .said{flex-basis:calc(100% - 120px);min-width:0;padding:0;padding-inline-end:28px}
.banner .foot{flex:1 0 100%;gap:8px}
.banner .x{inset-block-start:8px;margin:0}
}
@media (max-width:480px){
.modal{padding:8px;place-items:end stretch}
.modal .surface{width:auto}
.modal .scroll{max-height:calc(100dvh - 18px)}
.slideout,.layer:has(.dock) .slideout[data-at=bottom-end]{inset-inline:8px;width:auto;max-width:none}
.slideout[data-at^=bottom],.slideout[data-at^=top][data-aside]{inset-block:auto 8px}
.slideout[data-at^=top],.slideout[data-at^=bottom][data-aside]{inset-block:8px auto}
.slideout .scroll{max-height:66dvh}
.banner{max-width:none;inset-inline:8px}
.banner[data-at]{margin-block:-4px}
:is(.modal,.slideout) .foot{padding-block-end:16px}
:is(.modal,.slideout) .foot:not(.choice) .button{flex:1 1 auto}
}
@media (max-height:420px){
.slideout .scroll{max-height:calc(100dvh - 18px)}
}
@media (prefers-reduced-motion:no-preference){
.modal[data-enter]{animation:shade calc(.2s*var(--c-motion))}
:is(.modal,.slideout,.banner)[data-enter] .surface{animation:rise calc(.24s*var(--c-motion)) cubic-bezier(.2,.7,.3,1)}
.banner[data-at=top] .surface{--c-from:-10px}
@keyframes shade{from{background-color:#0000}}
@keyframes rise{from{opacity:0;transform:translateY(var(--c-from,10px))}}
}
@media (forced-colors:active){.modal{background:color-mix(in srgb,Canvas 60%,#0000)}}
`;
