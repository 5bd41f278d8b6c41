export * from "./color";
export * from "./jpeg";
export * from "./resample";
