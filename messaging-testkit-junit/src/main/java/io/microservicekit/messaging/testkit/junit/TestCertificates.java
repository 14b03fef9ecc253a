package io.microservicekit.messaging.testkit.junit;

import io.microservicekit.messaging.testkit.junit.internal.CertificateFiles;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Certificates for a test: an authority of its own and what it signs, made by the {@code keytool} of this JDK, about half a second each. Keys are of
 * 256-bit elliptic curves. Nothing is deleted. Used by one thread.
 */
public final class TestCertificates {
    private static final int DAYS = 365;

    private final CertificateFiles files;

    private TestCertificates(CertificateFiles files) {
        this.files = files;
    }

    /**
     * Makes an authority.
     *
     * @param directory where all files go; empty
     * @param password of all stores and keys, at least 6 characters
     * @return certificates with an authority
     * @throws IllegalStateException when keytool fails; the message has its words
     */
    public static TestCertificates in(Path directory, String password) {
        CertificateFiles files = new CertificateFiles(directory, Objects.requireNonNull(password, "password"));
        files.makeAuthority(DAYS);
        return new TestCertificates(files);
    }

    /**
     * Makes a certificate that is valid for a year.
     *
     * @param name its common name, letters
     * @param hosts for whom it is good, as keytool reads them: {@code ip:127.0.0.1,dns:localhost}
     * @return PKCS #12 file with its key, the certificate and the authority's
     * @throws IllegalStateException when keytool fails; the message has its words
     */
    public Path identity(String name, String hosts) {
        return files.makeIdentity(name, hosts, "-1d", DAYS);
    }

    /**
     * Makes a certificate that was valid until some days ago.
     *
     * @param name its common name, letters
     * @param hosts for whom it is good, as keytool reads them: {@code ip:127.0.0.1,dns:localhost}
     * @return PKCS #12 file with its key, the certificate and the authority's
     * @throws IllegalStateException when keytool fails; the message has its words
     */
    public Path expiredIdentity(String name, String hosts) {
        return files.makeIdentity(name, hosts, "-30d", 10);
    }

    /**
     * The authority's certificate.
     *
     * @return PKCS #12 file
     */
    public Path trustStore() {
        return files.trust("PKCS12");
    }

    /**
     * The authority's certificate as Java's own format.
     *
     * @return JKS file
     */
    public Path trustStoreJks() {
        return files.trust("JKS");
    }

    /**
     * The authority's certificate as text.
     *
     * @return PEM file
     */
    public Path trustPem() {
        return files.trustPem();
    }

    /**
     * A certificate that was made before, with its key, as text.
     *
     * @param name its common name
     * @return PEM file with the key (PKCS #8, not encrypted), the certificate and the authority's
     */
    public Path identityPem(String name) {
        return files.identityPem(name);
    }
}
