# Writes a C++ source that holds texts: cmake -DOUT=FILE -DNAMES=a,b -DFILES=path,path -P embed.cmake
string(REPLACE "," ";" names "${NAMES}")
string(REPLACE "," ";" files "${FILES}")
set(source "#include \"app/report/html/assets.hpp\"\n\nnamespace headroom::html {\n")
foreach(name file IN ZIP_LISTS names files)
  file(READ "${file}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  string(APPEND source "\nstatic constexpr char ${name}_bytes[] = {${bytes}};\n"
                       "std::string_view ${name}() {\n  return {${name}_bytes, sizeof ${name}_bytes};\n}\n")
endforeach()
string(APPEND source "\n}  // namespace headroom::html\n")
file(WRITE "${OUT}" "${source}")
