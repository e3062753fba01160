import { RESPONSES } from "./describe-operation.js";
import {
  EVENTS,
  GATEWAY_PATHS,
  LIST_PATHS,
  MACHINE_PATHS,
  PERSON,
  PERSON_PATHS,
  SETTING,
  WEB_FINGER,
} from "./paths.js";
import { SCHEMAS } from "./schemas.js";

/** What there is at a site. */
export interface ApiRules {
  readonly title: string;
  /** The path before all others but WebFinger's: `/finger`; empty when there is none. */
  readonly base: string;
  /** The scheme and the host. @default those that the document came from */
  readonly origin?: string | undefined;
  readonly canSet: boolean;
  readonly hasGateway: boolean;
  readonly hasEvents?: boolean | undefined;
}

/** Describes all that can be asked over HTTP, in OpenAPI 3.1. */
export function describeApi({ title, base, origin = "", canSet, hasGateway, hasEvents = false }: ApiRules): object {
  return {
    openapi: "3.1.0",
    info: { title, version: "1", description: "Who there is, and what they say. HEAD goes wherever GET does." },
    servers: [{ url: `${origin}${base}` || "/" }],
    // Nothing takes a token but what says so.
    security: [],
    paths: {
      ...LIST_PATHS,
      "/{login}": { ...PERSON, ...(canSet && SETTING) },
      ...PERSON_PATHS,
      ...(hasEvents && { "/events": EVENTS }),
      ...(hasGateway && GATEWAY_PATHS),
      ...MACHINE_PATHS,
      "/.well-known/webfinger": { servers: [{ url: origin || "/" }], ...WEB_FINGER },
    },
    components: {
      schemas: SCHEMAS,
      responses: RESPONSES,
      ...(canSet && { securitySchemes: { token: { type: "http", scheme: "bearer" } } }),
    },
  };
}
