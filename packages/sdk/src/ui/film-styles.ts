/** Styles of videos; their chunk brings them. */
export const filmStyles = `
.film{position:relative;display:grid;place-items:center;overflow:hidden}
.film video{position:absolute;inset:0;width:100%;height:100%;object-fit:contain;background:#0b0d10}
.film video:not([controls]){object-fit:cover;background:none}
.film [hidden]{display:none}
.play{position:relative;display:grid;place-items:center;width:56px;height:56px;border-radius:50%;background:#0b0d10d9;color:#fff;box-shadow:0 0 0 2px #ffffffb3,0 6px 20px #0006}
.play::before{content:"";position:absolute;inset:-100vmax;border-radius:0}
.play svg{width:26px;height:26px;fill:currentColor}
.play:focus-visible{outline:2px solid #fff;outline-offset:4px}
.play:hover{background:#0b0d10}
.lost{padding:16px;text-align:center;color:var(--c-muted)}
.lost a{color:var(--c-link)}
@media (forced-colors:active){.play{border:2px solid}}
`;
