import { defineConfig } from "vitest/config";

/** Tests run on the sources: the workspace's private condition leads from a package's name to its `src`. */
const conditions = ["finger-source", "node", "module", "default"];

const PROJECTS = {
  protocol: "packages/finger-protocol",
  server: "packages/finger-server",
  client: "packages/finger-client",
  http: "packages/adapters-http",
  irc: "packages/adapters-irc",
  workspace: "tests",
};

export default defineConfig({
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    reporters: ["default", "./tests/support/closing-line.ts"],
    passWithNoTests: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: { include: ["packages/*/src/**/*.ts"], exclude: ["**/*.test.ts"] },
    projects: Object.entries(PROJECTS).map(([name, root]) => ({
      extends: true as const,
      test: { name, root, include: ["**/*.test.ts"], exclude: ["**/node_modules/**", "**/dist/**"] },
    })),
  },
});
