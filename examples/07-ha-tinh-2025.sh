#!/usr/bin/env bash
# LĐLĐ tỉnh Hà Tĩnh, ngày 01/7/2025: kết thúc hoạt động 15 công đoàn cấp trên trực tiếp cơ sở với 1.473 CĐCS, 72.059 đoàn
# viên; 1.031 CĐCS, 34.806 đoàn viên giải thể, 442 CĐCS, 37.253 đoàn viên chuyển về tỉnh. Tên đơn vị đặt thử, số đoàn viên
# chia đều. Chạy trên sổ mới: một tệp tạm, hoặc tệp chưa có đặt trong UCLI_DB.
set -euo pipefail

export UCLI_DB="${UCLI_DB:-$(mktemp -d)/ha-tinh-2025.db}"
if [ -e "$UCLI_DB" ]; then
  echo "$UCLI_DB đã có: ví dụ chỉ ghi vào sổ mới. Bỏ UCLI_DB, hoặc đặt tên một tệp chưa có." >&2
  exit 5
fi
tinh="LĐLĐ tỉnh Hà Tĩnh"
bang="$(mktemp -d)/cdcs.csv"
ngay=1/7/2025

don_vi() { # 15 công đoàn cấp trên trực tiếp cơ sở
  for i in {1..15}; do
    echo "add-unit 'Công đoàn cấp trên số $i' --kind district --parent '$tinh' --code CT$i"
  done
}

danh_sach() { # CĐCS 1–1031 sẽ giải thể, 1032–1473 sẽ chuyển về tỉnh
  echo "Tên công đoàn cơ sở;Mã;Công đoàn cấp trên;Ngày thành lập;Số đoàn viên"
  for i in {1..1473}; do
    if   ((i <= 783));  then n=34 # 783 × 34 + 248 × 33 = 34.806
    elif ((i <= 1031)); then n=33
    elif ((i <= 1156)); then n=85 # 125 × 85 + 317 × 84 = 37.253
    else n=84; fi
    echo "CĐCS số $i;CS$i;CT$((i % 15 + 1));1/1/2020;$n"
  done
}

sap_xep() { # trước hết giải thể, rồi kết thúc từng đơn vị: những CĐCS còn lại về trực thuộc tỉnh
  for i in {1..1031}; do
    echo "end-union CS$i --on $ngay --reason reorganised"
  done
  for i in {1..15}; do
    echo "end-unit CT$i --on $ngay --reason reorganised --successor '$tinh'"
  done
}

ucli init --office "$tinh"
don_vi | ucli batch --atomic > /dev/null
danh_sach > "$bang"
ucli import unions "$bang"
sap_xep | ucli batch --atomic 2>&1 > /dev/null | tail -n 3 >&2 # hơn nghìn lệnh: chỉ xem các dòng cuối

echo "== Biến động năm 2025: tỉnh, và một trong 15 đơn vị =="
ucli movement --period 2025
ucli movement --unit CT1 --period 2025
echo "== Phần chuyển về trực thuộc tỉnh =="
ucli movement --by district --period 2025 --lang vi | grep -e "^Đơn vị" -e "^Không thuộc các đơn vị trên"
