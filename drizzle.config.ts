import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "sqlite",
  driver: "durable-sqlite",
  schema: "./src/catalog/tables.ts",
  out: "./src/catalog/migrations",
});
