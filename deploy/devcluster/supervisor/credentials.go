package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

const validity = 10 * 365 * 24 * time.Hour

// credentials are made once for a folder and kept: certificates, the service account key and the administrator's token.
type credentials struct {
	dir   string
	token string
}

func (c credentials) path(name string) string { return filepath.Join(c.dir, name) }

// openCredentials reads the folder's credentials, or makes them.
func openCredentials(dir string) (credentials, error) {
	c := credentials{dir: dir}
	if token, err := os.ReadFile(c.path("token")); err == nil {
		c.token = string(token)
		return c, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return c, err
	}
	if err := c.makeCertificates(); err != nil {
		return c, err
	}
	if err := c.makeServiceAccountKey(); err != nil {
		return c, err
	}
	return c, c.makeToken()
}

// makeToken comes last: a folder with a token is a whole one.
func (c *credentials) makeToken() error {
	random := make([]byte, 32)
	if _, err := rand.Read(random); err != nil {
		return err
	}
	c.token = hex.EncodeToString(random)
	line := fmt.Sprintf("%s,administrator,administrator,system:masters\n", c.token)
	if err := os.WriteFile(c.path("tokens.csv"), []byte(line), 0o600); err != nil {
		return err
	}
	return os.WriteFile(c.path("token"), []byte(c.token), 0o600)
}

func (c credentials) makeServiceAccountKey() error {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	return writePEM(c.path("service-account.key"), "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key))
}

// makeCertificates makes an authority and, signed by it, one certificate for everything that listens or calls.
func (c credentials) makeCertificates() error {
	authorityKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	authority := certificateFor("devcluster")
	authority.IsCA, authority.BasicConstraintsValid = true, true
	authority.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	if err := c.write("ca", authority, authority, authorityKey, authorityKey); err != nil {
		return err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	serving := certificateFor("devcluster-parts")
	serving.DNSNames = []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"}
	serving.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv4(10, 0, 0, 1)}
	serving.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	return c.write("parts", serving, authority, key, authorityKey)
}

func certificateFor(name string) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, big.NewInt(1<<62))
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(validity),
		KeyUsage:     x509.KeyUsageDigitalSignature,
	}
}

func (c credentials) write(name string, subject, parent *x509.Certificate, key, signer *ecdsa.PrivateKey) error {
	certificate, err := x509.CreateCertificate(rand.Reader, subject, parent, key.Public(), signer)
	if err != nil {
		return err
	}
	encoded, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	if err := writePEM(c.path(name+".key"), "EC PRIVATE KEY", encoded); err != nil {
		return err
	}
	return writePEM(c.path(name+".crt"), "CERTIFICATE", certificate)
}

func writePEM(path, kind string, content []byte) error {
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}), 0o600)
}

// writeKubeconfig writes the one file that clients need, readable by its owner alone.
func (c credentials) writeKubeconfig(path, server string) error {
	authority, err := os.ReadFile(c.path("ca.crt"))
	if err != nil {
		return err
	}
	content := fmt.Sprintf(`apiVersion: v1
kind: Config
current-context: devcluster
clusters:
- name: devcluster
  cluster: {server: %q, certificate-authority-data: %s}
users:
- name: administrator
  user: {token: %q}
contexts:
- name: devcluster
  context: {cluster: devcluster, user: administrator}
`, server, base64.StdEncoding.EncodeToString(authority), c.token)
	return os.WriteFile(path, []byte(content), 0o600)
}
