// What fast-check draws is the same in each `npm test`, so that it fails for a change and never by chance. The soak form
// draws anew each time; `DRAW_SEED` draws again what it said.
import fc from "fast-check";

const fixed = 20_260_302;
const { DRAW_SEED, CAIRN_SOAK } = process.env;
const seed = DRAW_SEED ? Number(DRAW_SEED) : CAIRN_SOAK ? Math.floor(Math.random() * 2 ** 31) : fixed;
if (seed !== fixed) process.stdout.write(`fast-check draws with DRAW_SEED=${seed}\n`);
// Other files of this worker draw with the same.
process.env.DRAW_SEED = String(seed);
fc.configureGlobal({ seed });
