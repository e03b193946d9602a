package com.example.conduit.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;

/** Says in the contract's shape what Tomcat itself refuses, such as an address that is not valid. */
public class JsonErrorValve extends ErrorReportValve {

    private static final byte[] BODY = "{\"errors\":{\"request\":[\"makes no sense\"]}}"
            .getBytes(StandardCharsets.UTF_8);

    @Override
    protected void report(Request request, Response response, Throwable error) {
        if (response.getStatus() < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        try {
            response.setContentType("application/json");
            response.setContentLength(BODY.length);
            response.getOutputStream().write(BODY);
            response.finishResponse();
        } catch (IOException | IllegalStateException gone) {
            container.getLogger().debug("nobody waits for the answer any longer", gone);
        }
    }
}
