/** Styles of the preferences; their chunk brings them. */
export const preferencesStyles = `
.modal:has(.prefs) .surface{width:400px}
.modal:has(.prefs) .scroll{padding:20px 12px 12px}
.prefs .title,.prefs .label,.prefs .note{padding-inline:12px}
.prefs .title{padding-inline-end:44px}
.prefs .label{margin-block:16px 4px;color:var(--c-muted);font-size:12px;font-weight:600}
.prefs ul{margin:0;padding:0;list-style:none}
.prefs .row{display:flex;align-items:center;gap:16px;width:100%;min-height:40px;padding:6px 12px}
.prefs :is(.row,.again)>:first-child{flex:1}
.prefs .title+.row{margin-block-start:10px}
.prefs .row:focus-visible{outline-offset:-2px}
.prefs .row:disabled{cursor:default;color:var(--c-muted)}
.prefs .row:disabled:hover{box-shadow:none}
.prefs .note{margin-block:4px;color:var(--c-muted);font-size:calc(var(--c-size) - 1px)}
.switch{flex:none;width:36px;height:20px;padding:3px;border-radius:10px;background:var(--c-muted)}
.switch::before{content:"";display:block;width:14px;height:14px;border-radius:50%;background:var(--c-surface)}
[aria-checked=true] .switch{background:var(--c-link)}
[aria-checked=true] .switch::before{margin-inline-start:16px}
.row:disabled .switch{opacity:.5}
.prefs .again{display:flex;align-items:center;gap:16px;padding:4px 12px}
@media (max-width:480px){.modal:has(.prefs) .surface{width:auto}}
@media (prefers-reduced-motion:no-preference){
.switch{transition:background calc(.15s*var(--c-motion))}
.switch::before{transition:margin calc(.15s*var(--c-motion))}
}
@media (forced-colors:active){
.switch{border:1px solid ButtonText;background:ButtonFace}
.switch::before{width:12px;height:12px;background:ButtonText}
[aria-checked=true] .switch{background:Highlight}
[aria-checked=true] .switch::before{background:HighlightText}
:is(.switch,.switch::before){forced-color-adjust:none}
}
`;
