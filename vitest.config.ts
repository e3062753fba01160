import { defineConfig } from "vitest/config";

/** Tests run on the sources: the workspace's private condition leads from a package's name to its `src`. */
const conditions = ["finger-source", "node", "module", "default"];

/** Those that mostly wait, for networks of IRC that let nobody talk fast: several of them go on at the same time. */
const WAITING = ["peers/irc-*.test.ts", "peers/evolution-irc.test.ts"];

const PROJECTS = [
  { name: "protocol", root: "packages/finger-protocol" },
  { name: "server", root: "packages/finger-server" },
  { name: "client", root: "packages/finger-client" },
  { name: "http", root: "packages/adapters-http" },
  { name: "workspace", root: "tests", exclude: WAITING },
  { name: "irc", root: "packages/adapters-irc", isWaiting: true },
  { name: "networks", root: "tests", include: WAITING, isWaiting: true },
];

export default defineConfig({
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    reporters: ["default", "./tests/support/closing-line.ts"],
    passWithNoTests: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: { include: ["packages/*/src/**/*.ts"], exclude: ["**/*.test.ts"] },
    projects: PROJECTS.map(({ name, root, include = ["**/*.test.ts"], exclude = [], isWaiting = false }) => ({
      extends: true as const,
      test: {
        name,
        root,
        include,
        exclude: ["**/node_modules/**", "**/dist/**", ...exclude],
        ...(isWaiting && { maxWorkers: 3, sequence: { groupOrder: 1 } }),
      },
    })),
  },
});
