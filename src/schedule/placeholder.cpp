namespace oes {}
