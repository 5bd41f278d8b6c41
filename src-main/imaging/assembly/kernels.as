export * from "./jpeg";
