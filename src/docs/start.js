/** The API's page: reads the document of this service, and asks this service. A key is kept in memory only. */
window.SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  tryItOutEnabled: true,
  persistAuthorization: false,
  displayRequestDuration: true,
  // Else it would show a badge from another host.
  validatorUrl: null,
});
