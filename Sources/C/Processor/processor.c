#include "martinet_processor.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

// The names of the x86-64 psABI's levels 3 and 4; a bit is the place in this list.
static const char *const level_3[] = {"avx", "avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe"};
static const char *const level_4[] = {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"};
enum { count_3 = sizeof level_3 / sizeof *level_3, count_4 = sizeof level_4 / sizeof *level_4 };

const char *martinet_processor_level(void) { return MARTINET_PROCESSOR_LEVEL; }

unsigned martinet_processor_feature(const char *name) {
  for (int i = 0; i < count_3; i++)
    if (strcmp(level_3[i], name) == 0) return 1u << i;
  for (int i = 0; i < count_4; i++)
    if (strcmp(level_4[i], name) == 0) return 1u << (count_3 + i);
  return 0;
}

const char *martinet_processor_lack(const char *level, unsigned features) {
  int fourth = strcmp(level, "x86-64-v4") == 0;
  if (!fourth && strcmp(level, "x86-64-v3") != 0) return 0;
  for (int i = 0; i < count_3; i++)
    if (!(features & 1u << i)) return level_3[i];
  for (int i = 0; fourth && i < count_4; i++)
    if (!(features & 1u << (count_3 + i))) return level_4[i];
  return 0;
}

#if defined(__x86_64__)
// The compiler's test wants a literal, and asks the system whether it saves the wide registers.
#define HAS(name) (__builtin_cpu_supports(name) ? martinet_processor_feature(name) : 0)

unsigned martinet_processor_features(void) {
  __builtin_cpu_init();
  return HAS("avx") | HAS("avx2") | HAS("bmi") | HAS("bmi2") | HAS("f16c") | HAS("fma") |
         HAS("lzcnt") | HAS("movbe") | HAS("avx512f") | HAS("avx512bw") | HAS("avx512cd") |
         HAS("avx512dq") | HAS("avx512vl");
}

// Code for a newer processor can trap before main, so this comes first: 101 is the earliest
// priority a program may use. _exit, because exit would run the clean-up of that newer code.
__attribute__((constructor(101))) static void refuse_older_processor(void) {
  const char *lack = martinet_processor_lack(MARTINET_PROCESSOR_LEVEL, martinet_processor_features());
  if (!lack) return;
  fprintf(stderr,
          "error: this program was built for %s processors, and this one has no %s\n"
          "fix:   build it on this machine: make build\n",
          MARTINET_PROCESSOR_LEVEL, lack);
  _exit(1);
}
#else
unsigned martinet_processor_features(void) { return 0; }
#endif
