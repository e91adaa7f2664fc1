// Arrow and Parquet are C++: only the shim in ../Arrow includes their headers.
