// What helps to test what is made for this package.

export { type StoreBackground, type StoreCase, storeCases } from "./store-cases.js";
