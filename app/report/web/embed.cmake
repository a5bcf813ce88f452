# Writes a C++ source that holds texts, as a header declares them in a namespace:
# cmake -DOUT=FILE -DHEADER=path -DSPACE=namespace -DNAMES=a,b -DFILES=path,path -P embed.cmake
string(REPLACE "," ";" names "${NAMES}")
string(REPLACE "," ";" files "${FILES}")
set(source "#include \"${HEADER}\"\n\nnamespace ${SPACE} {\n")
foreach(name file IN ZIP_LISTS names files)
  file(READ "${file}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  string(APPEND source "\nstatic constexpr char ${name}_bytes[] = {${bytes}};\n"
                       "std::string_view ${name}() {\n  return {${name}_bytes, sizeof ${name}_bytes};\n}\n")
endforeach()
string(APPEND source "\n}  // namespace ${SPACE}\n")
file(WRITE "${OUT}" "${source}")
