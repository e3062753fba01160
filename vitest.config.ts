import { defineConfig } from "vitest/config";

/** Tests run on the sources: the workspace's private condition leads from a package's name to its `src`. */
const conditions = ["finger-source", "node", "module", "default"];

/** Those that mostly wait, for networks of IRC that let nobody talk fast: several of them go on at the same time. */
const WAITING = ["peers/irc-*.test.ts", "peers/evolution-irc.test.ts"];

/** In their order, and how many of their files are run at a time. */
const GROUPS = [
  {
    atATime: 2,
    projects: [
      { name: "protocol", root: "packages/finger-protocol" },
      { name: "server", root: "packages/finger-server" },
      { name: "client", root: "packages/finger-client" },
      { name: "http", root: "packages/adapters-http" },
    ],
  },
  // These look at what programs do to the machine, and how long they take.
  { atATime: 1, projects: [{ name: "workspace", root: "tests", exclude: WAITING }] },
  {
    atATime: 3,
    projects: [
      { name: "irc", root: "packages/adapters-irc" },
      { name: "networks", root: "tests", include: WAITING },
    ],
  },
];

export default defineConfig({
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    reporters: ["default", "./tests/support/closing-line.ts"],
    passWithNoTests: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: { include: ["packages/*/src/**/*.ts"], exclude: ["**/*.test.ts"] },
    projects: GROUPS.flatMap(({ atATime, projects }, groupOrder) =>
      projects.map(({ name, root, include = ["**/*.test.ts"], exclude = [] }: Project) => ({
        extends: true as const,
        test: {
          name,
          root,
          include,
          exclude: ["**/node_modules/**", "**/dist/**", ...exclude],
          maxWorkers: atATime,
          sequence: { groupOrder },
        },
      })),
    ),
  },
});

interface Project {
  readonly name: string;
  readonly root: string;
  readonly include?: string[];
  readonly exclude?: string[];
}
