#ifndef MARTINET_MODEL_ENTRIES_H
#define MARTINET_MODEL_ENTRIES_H

// The linker lays the entries of all files side by side and names both ends of what it has laid:
// that is how a file adds a model and no list has to be kept. Weak, because there may be none.

typedef void (*martinet_model_entry)(void *);

extern const martinet_model_entry __start_martinet_models[]
    __attribute__((weak, visibility("hidden")));
extern const martinet_model_entry __stop_martinet_models[]
    __attribute__((weak, visibility("hidden")));

static inline const martinet_model_entry *martinet_models_start(void) {
  return __start_martinet_models;
}
static inline const martinet_model_entry *martinet_models_stop(void) {
  return __stop_martinet_models;
}

#endif
