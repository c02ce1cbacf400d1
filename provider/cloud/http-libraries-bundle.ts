/**
 * The HTTP libraries. They are published as ES modules only, which Jest and bundlers can't load from CommonJS, so the build replaces this
 * module by a CommonJS bundle of them: tools/bundle-http-libraries.mjs.
 */
export { HttpsProxyAgent } from "https-proxy-agent";
export { AbortError, default as fetch, FetchError } from "node-fetch";
export { getProxyForUrl } from "proxy-from-env";
