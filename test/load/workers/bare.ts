/** @module The least a redirect can cost in this runtime: what the service is measured against. */
const location = "https://tbzb.taobao.com/live?liveId=532359023188";

export const Main = {
  fetch(): Response {
    return new Response(null, { status: 302, headers: { Location: location } });
  },
};
export default Main;
