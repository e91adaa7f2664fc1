#pragma once

/// The processor level this program was built for: "x86-64-v4", "x86-64-v3" or "arm64".
const char *martinet_processor_level(void);

/// What this machine's processor can do, one bit for each feature that a level asks for; 0 off x86.
unsigned martinet_processor_features(void);

/// The first feature that `level` asks for and `features` lacks, or null when the program may run.
/// Pure, so that refusing an older processor can be tested on a newer one.
const char *martinet_processor_lack(const char *level, unsigned features);

/// The bit of a feature by its name ("avx2"), or 0 for a name no level asks for.
unsigned martinet_processor_feature(const char *name);

/// Does so many rounds of products of BFloat16 pairs and nothing else, for measuring what a core can
/// do. Returns the operations done, a multiplication and an addition counting as two: 0 where the
/// processor has no instruction for it (AVX512-BF16). Adds to 16 sums, so that nothing is left out.
double martinet_multiply_halves(long rounds, float *sums);
