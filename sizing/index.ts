export * from "./decision";
export { formatUtcTime } from "./decision-text";
export * from "./initial-load";
export * from "./pipe-state";
export * from "./price";
export * from "./size";
