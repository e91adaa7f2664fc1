// Debian keeps the header in a folder of its own. The library is opened at first use (LibPQ.swift).
#if __has_include(<postgresql/libpq-fe.h>)
#include <postgresql/libpq-fe.h>
#else
#include <libpq-fe.h>
#endif
