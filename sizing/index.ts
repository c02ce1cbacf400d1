export * from "./initial-load";
export * from "./pipe-state";
export * from "./price";
export * from "./size";
