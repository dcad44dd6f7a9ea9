import fc from 'fast-check';

/** One seed for every run, so that a change fails by itself and not by chance; `FAST_CHECK_SEED` tries others. */
fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 20_261_126) });
