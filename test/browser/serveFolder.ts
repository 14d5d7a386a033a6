import {createServer} from "node:http";
import type {AddressInfo} from "node:net";
import sirv from "sirv";

export interface Served {
  /** Address of the site, ending in a slash. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves a folder under a base path as any dumb file server would: a path that is no file is not found, and a browser may
 * keep a file for ten minutes, as GitHub Pages has it.
 */
export async function serveFolder(folder: string, base = "/"): Promise<Served> {
  const files = sirv(folder, {dev: false, etag: false, extensions: [], maxAge: 600});
  const server = createServer((request, response) => {
    const missing = () => {
      response.statusCode = 404;
      response.end();
    };
    // The host's, whom a browser asks for it where a file is opened that is no page: an error of the console that may come
    // as late as in the next visit.
    if (base !== "/" && request.url === "/favicon.ico") {
      response.statusCode = 204;
      response.end();
      return;
    }
    if (!request.url?.startsWith(base)) return missing();
    request.url = `/${request.url.slice(base.length)}`;
    files(request, response, missing);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  // The tests' servers last as long as their process, and do not prolong it.
  server.unref();
  const {port} = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${base}`,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      })
  };
}
