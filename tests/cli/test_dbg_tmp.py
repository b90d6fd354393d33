import os, subprocess, sys, time, urllib.request
def test_x(app_dsn):
    env={**os.environ,"DATABASE_URL":app_dsn,"DATABASE_OWNER_URL":app_dsn}
    p=subprocess.Popen([sys.executable,"-m","aldia.cli.main","serve","--port","8125"],env=env,stdout=subprocess.PIPE,stderr=subprocess.PIPE,text=True)
    t=time.time(); ok=None
    while time.time()-t<40:
        try: ok=urllib.request.urlopen("http://127.0.0.1:8125/salud").read(); break
        except urllib.error.HTTPError as e: ok=e.read()[:300]; break
        except Exception as e: ok=repr(e); time.sleep(.2)
    print(time.time()-t, ok); p.terminate(); print(p.communicate())
    assert 0
