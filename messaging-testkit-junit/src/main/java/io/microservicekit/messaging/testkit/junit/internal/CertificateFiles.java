package io.microservicekit.messaging.testkit.junit.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;

/** One store with an authority and all it signed, as keytool fills it, and the files that are cut out of it. */
public final class CertificateFiles {
    private static final String AUTHORITY = "authority";

    private final Path directory;
    private final String password;

    /** Nothing is made yet. */
    public CertificateFiles(Path directory, String password) {
        this.directory = directory;
        this.password = password;
    }

    /** The one that signs all others. */
    public void makeAuthority(int days) {
        keytool(AUTHORITY, "-1d", days, "-ext", "bc:c");
    }

    /** Gives a store with one key and its chain. */
    public Path makeIdentity(String name, String hosts, String begin, int days) {
        keytool(name, begin, days, "-signer", AUTHORITY, "-ext", "san=" + hosts);
        return write("PKCS12", name + ".p12", store -> store.setKeyEntry(name, key(name), secret(), chain(name)));
    }

    /** Gives a store with the authority's certificate only. */
    public Path trust(String type) {
        return write(type, "trust." + type, store -> store.setCertificateEntry(AUTHORITY, chain(AUTHORITY)[0]));
    }

    /** Gives the authority's certificate as text. */
    public Path trustPem() {
        return pem("trust.pem", certificates(AUTHORITY));
    }

    /** Gives a key and its chain as text. */
    public Path identityPem(String name) {
        try {
            return pem(name + ".pem", block("PRIVATE KEY", key(name).getEncoded()) + certificates(name));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("reading the key of '" + name + "' failed", e);
        }
    }

    private interface Filling {
        void into(KeyStore store) throws GeneralSecurityException, IOException;
    }

    private void keytool(String name, String begin, int days, String... more) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                all().toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                password));
        command.addAll(List.of("-alias", name, "-dname", "CN=" + name, "-keyalg", "EC", "-groupname", "secp256r1"));
        command.addAll(List.of("-startdate", begin, "-validity", String.valueOf(days)));
        Collections.addAll(command, more);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("making the certificate '" + name + "' failed: " + said);
            }
        } catch (IOException e) {
            throw new IllegalStateException("running keytool for '" + name + "' failed; use a JDK", e);
        } catch (InterruptedException e) {
            throw Deadline.interrupted("making the certificate '" + name + "'", e);
        }
    }

    private Path all() {
        return directory.resolve("all.p12");
    }

    private char[] secret() {
        return password.toCharArray();
    }

    private KeyStore filled() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(all())) {
            store.load(in, secret());
        }
        return store;
    }

    private Key key(String name) throws GeneralSecurityException, IOException {
        return filled().getKey(name, secret());
    }

    private Certificate[] chain(String name) throws GeneralSecurityException, IOException {
        return filled().getCertificateChain(name);
    }

    private Path write(String type, String file, Filling filling) {
        Path path = directory.resolve(file);
        try (OutputStream out = Files.newOutputStream(path)) {
            KeyStore store = KeyStore.getInstance(type);
            store.load(null, null);
            filling.into(store);
            store.store(out, secret());
            return path;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("writing the certificates to " + path + " failed", e);
        }
    }

    private String certificates(String name) {
        try {
            StringBuilder text = new StringBuilder();
            for (Certificate certificate : chain(name)) {
                text.append(block("CERTIFICATE", certificate.getEncoded()));
            }
            return text.toString();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("reading the certificates of '" + name + "' failed", e);
        }
    }

    private Path pem(String file, String text) {
        try {
            return Files.writeString(directory.resolve(file), text, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new IllegalStateException("writing " + file + " to " + directory + " failed", e);
        }
    }

    private static String block(String what, byte[] content) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n";
    }
}
