/* glibc declares these only for programs that ask for all of its own, which Swift's map does not. */
int renameat2(int old_folder, const char *old_path, int new_folder, const char *new_path,
              unsigned int flags);
enum { martinet_rename_noreplace = 1, martinet_rename_exchange = 2 };
