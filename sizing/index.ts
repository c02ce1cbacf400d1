export * from "./price";
export * from "./size";
